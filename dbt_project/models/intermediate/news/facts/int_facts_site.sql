-- Sites in being on a day, by kind.
select
    case site_kind
        when 'workshop' then 'workshop'
        when 'base' then 'base'
        when 'station' then 'station'
        else 'other_site'
    end as figure,
    substr(organisation_code, 1, 6) as district_code,
    case when length(area_code) >= 9 then substr(area_code, 1, 9) end as township_code,
    {{ key_of(['organisation_code', 'site_kind', 'site_name']) }} as item_key,
    1 as amount,
    recognised_on as first_on,
    withdrawn_on as last_on
from {{ ref('stg_site') }}
where recognised_on is not null
