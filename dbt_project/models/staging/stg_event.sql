select
    event_kind,
    event_name,
    partners,
    is_cooperation_programme,
    place,
    at_settlement,
    settlement,
    started_on,
    ended_on,
    employers,
    jobs_offered,
    assisted_jobs,
    attendees,
    assisted_attendees,
    agreements,
    assisted_agreements,
    placed_in_month,
    assisted_placed_in_month,
    organisation_code,
    _period as reported_period,
    _from_submission as from_submission
from {{ source('raw', 'event') }}
where {{ is_known() }}
