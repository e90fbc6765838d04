-- alert_urls stay behind: they are secrets.
select
    organisation_code,
    name,
    kind,
    parent_code,
    district_code,
    opened_on,
    closed_on
from {{ source('ops', 'organisation') }}
