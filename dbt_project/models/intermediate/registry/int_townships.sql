{{ config(materialized='table') }}

select
    organisation_code as township_code,
    name as township_name,
    coalesce(district_code, substr(organisation_code, 1, 6)) as district_code,
    opened_on,
    closed_on
from {{ ref('stg_organisation') }}
where kind = 'township'
