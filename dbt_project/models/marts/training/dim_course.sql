select
    course_key,
    course,
    training_type,
    provider,
    first_held_on,
    last_held_on
from {{ ref('int_courses') }}
