{#
    From when until when a register stated a category of a person. valid_from is the day of recognition (of registration
    where that is not told); valid_to the cut-off day of the ledger that no longer states it, null while one does.
    What a correction of the same period took back was a slip of the pen and leaves no row.
#}
with stated as (
    select
        history.person_key,
        codes.code as category,
        coalesce(history.hardship_recognised_on, history.registered_on) as valid_from,
        history.to_submission is null as is_current,
        least(closing.period_end, closing.received_on) as withdrawn_on,
        coalesce(closing.period = opening.period, false) as is_correction
    from {{ ref('stg_person_history') }} as history
    inner join {{ ref('int_codes') }} as codes
        on
            codes.feed = 'person'
            and codes.column_name = 'hardship_categories'
            and position('|' || codes.code || '|' in history.hardship_categories) > 0
    left join {{ ref('stg_submission') }} as opening on history.from_submission = opening.submission_id
    left join {{ ref('stg_submission') }} as closing on history.to_submission = closing.submission_id
)

select
    person_key,
    category,
    min(valid_from) as valid_from,
    case when max(case when is_current then 1 else 0 end) = 0 then max(withdrawn_on) end as valid_to,
    'person' as source
from stated
where is_current or not is_correction
group by person_key, category
