{{ config(materialized='table') }}

-- Kinds of work a person has a certificate for or has done before.
select
    training.person_key,
    courses.occupation
from {{ ref('int_training') }} as training
inner join {{ ref('course_occupation') }} as courses on training.course = courses.course
where training.certified_on <= {{ as_of() }}
union
select
    person_key,
    occupation
from {{ ref('int_placements') }}
where occupation is not null
