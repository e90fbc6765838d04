select
    vacancy_no,
    employer_name,
    credit_code,
    post_title,
    occupation,
    post_kind,
    work_place,
    region,
    openings,
    hardship_openings,
    filled,
    wage_min,
    wage_max,
    education,
    age_min,
    age_max,
    posted_on,
    closes_on,
    status,
    organisation_code,
    _from_submission as from_submission
from {{ source('raw', 'vacancy') }}
where {{ is_known() }}
