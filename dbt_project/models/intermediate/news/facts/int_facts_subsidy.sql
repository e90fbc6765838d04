-- Subsidies paid, in 元 by the day of payment. The district pays them.
select
    'subsidy' as figure,
    substr(organisation_code, 1, 6) as district_code,
    cast(null as {{ text_type() }}) as township_code,
    person_key as item_key,
    amount,
    paid_on as first_on,
    paid_on as last_on
from {{ ref('stg_subsidy') }}
where paid_on is not null
