select
    site_code,
    site_kind,
    site_name,
    credit_code,
    area_code,
    area_name,
    site_address,
    level,
    recognised_on,
    withdrawn_on,
    worker_count,
    assisted_worker_count,
    served_count,
    assisted_served_count,
    is_relocation_site,
    settlement,
    is_cooperation_programme,
    organisation_code,
    _from_submission as from_submission
from {{ source('raw', 'site') }}
where {{ is_known() }}
