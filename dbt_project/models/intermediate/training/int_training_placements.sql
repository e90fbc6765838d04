-- The first placement that began within the placement window of the certificate.
select
    training.training_key,
    min(placements.started_on) as placed_on
from {{ ref('int_training') }} as training
cross join {{ ref('int_rule_parameters') }} as parameters
inner join {{ ref('int_placements') }} as placements
    on
        training.person_key = placements.person_key
        and placements.started_on between training.certified_on
        and {{ add_days('training.certified_on', 'parameters.placement_window_days') }}
group by training.training_key
