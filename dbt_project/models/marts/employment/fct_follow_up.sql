select
    follow_up_key,
    person_key,
    district_code,
    township_code,
    followed_up_on,
    channel,
    result,
    monthly_wage,
    is_reached,
    month_no
from {{ ref('int_follow_ups') }}
