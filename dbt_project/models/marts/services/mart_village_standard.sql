select
    district_code,
    township_code,
    village,
    cast(persons as integer) as persons,
    cast(willing_to_train as integer) as willing_to_train,
    cast(trained as integer) as trained,
    {{ share('trained', 'willing_to_train') }} as training_rate,
    cast(able_and_willing as integer) as able_and_willing,
    cast(placed as integer) as placed,
    {{ share('placed', 'able_and_willing') }} as placement_rate,
    cast(served as integer) as served,
    {{ share('served', 'persons') }} as service_rate,
    cast(served_recently as integer) as served_recently,
    trained = willing_to_train and placed = able_and_willing and served = persons as meets_standard,
    case when village = '' then 'village_not_told' when willing_to_train is null then 'intent_not_told' end as reason
from {{ ref('int_village_standard') }}
