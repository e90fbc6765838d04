select
    person_key,
    followed_up_on,
    channel,
    result,
    monthly_wage,
    organisation_code,
    _period as reported_period,
    _from_submission as from_submission
from {{ source('raw', 'follow_up') }}
where {{ is_known() }}
