-- A claim is known by the hash of its article and sentence; should two sources bring it, the lower code counts.
with ordered as (
    select
        *,
        row_number() over (partition by claim_id order by organisation_code) as place
    from {{ ref('stg_case_report') }}
)

select
    claim_id,
    article_id,
    source,
    organisation_code as source_code,
    published_on,
    measure,
    kind,
    subject,
    value,
    value_min,
    value_max,
    value_text,
    unit,
    qualifier_class,
    is_subset,
    place_name,
    place_code,
    period_start,
    period_end,
    sentence,
    cast(sentence_start as integer) as sentence_start,
    confidence
from ordered
where place = 1
