{#
    One row for each claim held against the ledgers, and one for each contradiction inside an article. above: the news
    says more than the ledgers, below: less, agrees: the ledgers' figure lies in what the words allow. A rate is rounded
    where it is written, by half of its last digit.
#}
with compared as (
    select
        questions.claim_id,
        questions.reason as question_reason,
        figures.claim_id is not null and figures.ledger_min is not null as is_answered,
        questions.value_min - case
            when questions.timing <> 'rate' then 0
            when questions.value = floor(questions.value) then 0.5
            else 0.05
        end as claimed_from,
        questions.value_max + case
            when questions.timing <> 'rate' then 0
            when questions.value = floor(questions.value) then 0.5
            else 0.05
        end as claimed_until,
        questions.figure,
        figures.ledger_value,
        figures.ledger_min,
        figures.ledger_max
    from {{ ref('int_claim_questions') }} as questions
    left join {{ ref('int_claim_figures') }} as figures on questions.claim_id = figures.claim_id
)

select
    claim_id,
    'ledger' as basis,
    figure,
    ledger_value,
    ledger_min,
    ledger_max,
    case
        when question_reason in ('no_ledger', 'place_not_covered', 'before_ledgers') then 'no_ledger_data'
        when question_reason is not null then 'not_comparable'
        when not is_answered then 'no_ledger_data'
        when claimed_from > ledger_max then 'above'
        when claimed_until < ledger_min then 'below'
        else 'agrees'
    end as verdict,
    case
        when question_reason is not null then question_reason
        when not is_answered then 'ledgers_incomplete'
    end as reason,
    cast(null as {{ text_type() }}) as other_claim_id,
    cast(null as numeric(24, 6)) as expected_value
from compared
union all
select
    claim_id,
    'article' as basis,
    cast(null as {{ text_type() }}) as figure,
    cast(null as numeric(24, 6)) as ledger_value,
    cast(null as numeric(24, 6)) as ledger_min,
    cast(null as numeric(24, 6)) as ledger_max,
    'contradiction' as verdict,
    check_kind as reason,
    other_claim_id,
    expected_value
from {{ ref('int_claim_contradictions') }}
