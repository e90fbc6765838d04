{{ config(materialized='table') }}

{#
    Claims that passed the review, corrected where a person corrected them. A claim is known by the hash of its article
    and sentence; should two sources bring it, the lower code counts.
#}
with ordered as (
    select
        *,
        row_number() over (partition by claim_id order by organisation_code) as place
    from {{ ref('stg_case_report') }}
)

select
    claims.claim_id,
    claims.article_id,
    claims.source,
    claims.organisation_code as source_code,
    claims.published_on,
    case when passed.passed_by = 'corrected' then passed.measure else claims.measure end as measure,
    case when passed.passed_by = 'corrected' then passed.kind else claims.kind end as kind,
    claims.subject,
    case when passed.passed_by = 'corrected' then passed.value else claims.value end as value,
    case when passed.passed_by = 'corrected' then passed.value_min else claims.value_min end as value_min,
    case when passed.passed_by = 'corrected' then passed.value_max else claims.value_max end as value_max,
    claims.value_text,
    case when passed.passed_by = 'corrected' then passed.unit else claims.unit end as unit,
    claims.qualifier_class,
    claims.is_subset,
    claims.place_name,
    case when passed.passed_by = 'corrected' then passed.place_code else claims.place_code end as place_code,
    case when passed.passed_by = 'corrected' then passed.period_start else claims.period_start end as period_start,
    case when passed.passed_by = 'corrected' then passed.period_end else claims.period_end end as period_end,
    claims.sentence,
    cast(claims.sentence_start as integer) as sentence_start,
    claims.confidence,
    cast(
        case
            when passed.passed_by = 'corrected' and passed.scope <> 'village' then length(passed.place_code)
            else claims.place_level
        end as integer
    ) as place_level,
    case when passed.passed_by = 'corrected' then passed.scope else claims.scope end as scope,
    claims.doubts,
    claims.claim_no,
    claims.article_version,
    passed.passed_by
from ordered as claims
inner join {{ ref('int_news_passed') }} as passed on claims.claim_id = passed.item_id and claims.row_hash = passed.row_hash
where claims.place = 1
