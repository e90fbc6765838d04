select
    person_key,
    vacancy_no,
    employer_name,
    post_title,
    referred_on,
    channel,
    interviewed_on,
    interview_result,
    result,
    started_on,
    offered_wage,
    reason,
    organisation_code,
    _period as reported_period,
    _from_submission as from_submission
from {{ source('raw', 'referral') }}
where {{ is_known() }}
