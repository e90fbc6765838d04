-- Openings published (amount), by the day of posting.
select
    'vacancy' as figure,
    substr(organisation_code, 1, 6) as district_code,
    cast(null as {{ text_type() }}) as township_code,
    vacancy_no as item_key,
    openings as amount,
    posted_on as first_on,
    posted_on as last_on
from {{ ref('stg_vacancy') }}
where posted_on is not null
