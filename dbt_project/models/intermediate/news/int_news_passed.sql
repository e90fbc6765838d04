{#
    The claims and cases that may be published: sure enough on the day they were received, or let pass by a person. What
    has no place in the queue was never judged, and does not pass. The last decision counts.
#}
with decisions as (
    select
        *,
        row_number() over (partition by item_id, row_hash order by decision_id desc) as place
    from {{ ref('stg_news_decision') }}
)

select
    review.item_id,
    review.row_hash,
    case decisions.decision
        when 'accept' then 'accepted'
        when 'correct' then 'corrected'
        else 'by_confidence'
    end as passed_by,
    decisions.measure,
    decisions.kind,
    decisions.value,
    decisions.value_min,
    decisions.value_max,
    decisions.unit,
    decisions.scope,
    decisions.place_code,
    decisions.period_start,
    decisions.period_end
from {{ ref('stg_news_review') }} as review
left join decisions
    on review.item_id = decisions.item_id and review.row_hash = decisions.row_hash and decisions.place = 1
where
    coalesce(decisions.decision in ('accept', 'correct'), false)
    or (decisions.decision is null and not review.needs_review)
