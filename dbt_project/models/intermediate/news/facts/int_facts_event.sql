-- Job fairs held, on the spot or online.
select
    'fair' as figure,
    substr(organisation_code, 1, 6) as district_code,
    cast(null as {{ text_type() }}) as township_code,
    {{ key_of(['organisation_code', 'event_kind', 'event_name', 'started_on']) }} as item_key,
    1 as amount,
    started_on as first_on,
    started_on as last_on
from {{ ref('stg_event') }}
where event_kind in ('fair', 'online_fair')
