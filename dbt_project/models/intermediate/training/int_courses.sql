select
    course_key,
    max(course) as course,
    max(training_type) as training_type,
    max(provider) as provider,
    min(started_on) as first_held_on,
    max(started_on) as last_held_on
from {{ ref('int_training') }}
group by course_key
