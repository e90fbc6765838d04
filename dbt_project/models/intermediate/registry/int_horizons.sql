select horizon_days
from {{ ref('retention_horizon') }}
