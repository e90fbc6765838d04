-- Yearly tasks, dated the first day of their year.
select
    case measure
        when 'placements' then 'placement_target'
        when 'ventures' then 'venture_target'
        else 'training_target'
    end as figure,
    substr(township_code, 1, 6) as district_code,
    township_code,
    township_code as item_key,
    target as amount,
    make_date(year, 1, 1) as first_on,
    make_date(year, 12, 31) as last_on
from {{ ref('int_targets') }}
