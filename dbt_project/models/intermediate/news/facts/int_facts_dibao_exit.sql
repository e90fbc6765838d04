-- Households that gave up the minimum living allowance, and the people it covered (amount).
select
    'dibao_exit' as figure,
    substr(organisation_code, 1, 6) as district_code,
    organisation_code as township_code,
    household_key as item_key,
    coalesce(persons_covered, 1) as amount,
    exited_on as first_on,
    exited_on as last_on
from {{ ref('stg_dibao_exit') }}
where coalesce(is_voluntary, true)
