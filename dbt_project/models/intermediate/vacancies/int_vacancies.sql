-- One row for each vacancy; open while posts are left and its last day has not passed on as_of.
with ordered as (
    select
        *,
        row_number() over (partition by vacancy_no order by organisation_code) as place
    from {{ ref('stg_vacancy') }}
)

select
    vacancy_no,
    organisation_code as district_code,
    employer_name,
    post_title,
    occupation,
    post_kind,
    region,
    cast(openings as integer) as openings,
    cast(coalesce(filled, 0) as integer) as filled,
    wage_min,
    wage_max,
    education,
    cast(age_min as integer) as age_min,
    cast(age_max as integer) as age_max,
    posted_on,
    closes_on,
    status,
    coalesce(status, 'open') = 'open'
    and posted_on <= {{ as_of() }}
    and coalesce(closes_on >= {{ as_of() }}, true)
    and coalesce(filled < openings, true) as is_open
from ordered
where place = 1
