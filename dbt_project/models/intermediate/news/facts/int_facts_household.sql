{# Households on file, and those without anybody in work, on a day. A file without a day counts from its year of recognition. #}
with households as (
    select
        household_key,
        household_type,
        organisation_code,
        coalesce(identified_on, make_date(cast(recognised_year as integer), 1, 1)) as first_on,
        eliminated_on
    from {{ ref('stg_household') }}
)

select
    'household' as figure,
    substr(organisation_code, 1, 6) as district_code,
    organisation_code as township_code,
    household_key as item_key,
    1 as amount,
    first_on,
    cast(null as date) as last_on
from households
union all
select
    'zero_employment_household' as figure,
    substr(organisation_code, 1, 6) as district_code,
    organisation_code as township_code,
    household_key as item_key,
    1 as amount,
    first_on,
    eliminated_on as last_on
from households
where household_type = 'zero_employment'
