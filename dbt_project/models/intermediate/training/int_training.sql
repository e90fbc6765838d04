{{ config(materialized='table') }}

-- One row for each person, course and first day; where several townships list it, the lower code counts.
with ordered as (
    select
        training.*,
        row_number() over (
            partition by training.person_key, training.course, training.started_on
            order by training.organisation_code
        ) as place
    from {{ ref('stg_training') }} as training
)

select
    {{ key_of(['ordered.person_key', 'ordered.course', 'ordered.started_on']) }} as training_key,
    ordered.person_key,
    coalesce(townships.district_code, substr(ordered.organisation_code, 1, 6)) as district_code,
    ordered.organisation_code as township_code,
    {{ key_of(['ordered.course', 'ordered.training_type', 'ordered.provider']) }} as course_key,
    ordered.course,
    ordered.training_type,
    ordered.provider,
    ordered.started_on,
    {{ month_no('ordered.started_on') }} as started_month_no,
    ordered.ended_on,
    cast(ordered.training_days as integer) as training_days,
    ordered.certified_on,
    ordered.is_cooperation_programme,
    ordered.living_allowance
from ordered
left join {{ ref('int_townships') }} as townships on ordered.organisation_code = townships.township_code
where ordered.place = 1
