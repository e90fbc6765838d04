with placed as (
    select
        training.training_key,
        min(placements.started_on) as placed_on
    from {{ ref('int_training') }} as training
    inner join {{ ref('int_placements') }} as placements
        on training.person_key = placements.person_key and training.certified_on <= placements.started_on
    group by training.training_key
),

judged as (
    select
        training.district_code,
        training.course_key,
        training.course,
        training.provider,
        training.training_type,
        case when training.certified_on <= {{ as_of() }} then 1 else 0 end as is_certified,
        case when {{ add_days('training.certified_on', '30') }} <= {{ as_of() }} then 1 else 0 end as is_due_30,
        case when placed.placed_on <= {{ add_days('training.certified_on', '30') }} then 1 else 0 end as is_hired_30,
        case when {{ add_days('training.certified_on', '90') }} <= {{ as_of() }} then 1 else 0 end as is_due_90,
        case when placed.placed_on <= {{ add_days('training.certified_on', '90') }} then 1 else 0 end as is_hired_90
    from {{ ref('int_training') }} as training
    left join placed on training.training_key = placed.training_key
    where training.started_on <= {{ as_of() }}
),

counted as (
    select
        district_code,
        course_key,
        max(course) as course,
        max(provider) as provider,
        max(training_type) as training_type,
        count(*) as enrolled,
        sum(is_certified) as certified,
        sum(is_due_30) as due_30,
        sum(is_due_30 * is_hired_30) as hired_30,
        sum(is_due_90) as due_90,
        sum(is_due_90 * is_hired_90) as hired_90
    from judged
    group by district_code, course_key
)

select
    district_code,
    course_key,
    course,
    provider,
    training_type,
    cast(enrolled as integer) as enrolled,
    cast(certified as integer) as certified,
    {{ share('certified', 'enrolled') }} as certification_rate,
    cast(due_30 as integer) as due_30,
    cast(hired_30 as integer) as hired_30,
    {{ share('hired_30', 'due_30') }} as hire_rate_30,
    cast(due_90 as integer) as due_90,
    cast(hired_90 as integer) as hired_90,
    {{ share('hired_90', 'due_90') }} as hire_rate_90
from counted
