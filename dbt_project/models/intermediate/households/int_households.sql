{{ config(materialized='table') }}

-- One row for each household with a file: where several townships keep one, the ledger of the latest day, then the lower code.
with ordered as (
    select
        household.*,
        coverage.listed_until,
        row_number() over (
            partition by household.household_key
            order by coverage.listed_until desc nulls last, household.organisation_code asc
        ) as place
    from {{ ref('stg_household') }} as household
    left join {{ ref('int_ledger_coverage') }} as coverage
        on household.organisation_code = coverage.organisation_code and coverage.feed = 'household'
)

select
    ordered.household_key,
    coalesce(townships.district_code, substr(ordered.organisation_code, 1, 6)) as district_code,
    ordered.organisation_code as township_code,
    ordered.village,
    ordered.household_type,
    cast(ordered.recognised_year as integer) as recognised_year,
    ordered.is_relocated,
    cast(ordered.member_count as integer) as member_count,
    cast(ordered.labour_count as integer) as labour_count,
    cast(ordered.willing_count as integer) as willing_count,
    cast(ordered.employed_count as integer) as employed_count,
    ordered.measures,
    ordered.wage_income,
    ordered.listed_until
from ordered
left join {{ ref('int_townships') }} as townships on ordered.organisation_code = townships.township_code
where ordered.place = 1
