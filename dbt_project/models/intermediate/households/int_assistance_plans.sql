{{ config(materialized='table') }}

-- One row for each measure of a household's plan (child and term where it is a stipend), each listed once.
with ordered as (
    select
        *,
        row_number() over (
            partition by household_key, plan_year, measure, member_key, term
            order by organisation_code
        ) as place
    from {{ ref('stg_assistance_plan') }}
)

select
    {{ key_of(['ordered.household_key', 'ordered.plan_year', 'ordered.measure', 'ordered.member_key', 'ordered.term']) }}
        as plan_key,
    ordered.household_key,
    coalesce(townships.district_code, substr(ordered.organisation_code, 1, 6)) as district_code,
    ordered.organisation_code as township_code,
    cast(ordered.plan_year as integer) as plan_year,
    ordered.measure,
    ordered.member_key,
    ordered.term,
    ordered.school_stage,
    ordered.stipend_standard,
    ordered.stipend_amount,
    ordered.stipend_paid_on,
    ordered.contact_office,
    ordered.planned_on,
    ordered.target_on,
    ordered.finished_on,
    ordered.status,
    coalesce(ordered.status in ('open', 'running') and ordered.target_on < {{ as_of() }}, false) as is_overdue
from ordered
left join {{ ref('int_townships') }} as townships on ordered.organisation_code = townships.township_code
where ordered.place = 1
