-- Decisions as known; the words of a reason stay behind.
select
    decision_id,
    item_id,
    cast(row_hash as {{ text_type() }}) as row_hash,
    decision,
    decided_at,
    measure,
    kind,
    value,
    value_min,
    value_max,
    unit,
    scope,
    place_code,
    period_start,
    period_end
from {{ source('ops', 'news_decision') }}
where {{ was_known('decided_at') }}
