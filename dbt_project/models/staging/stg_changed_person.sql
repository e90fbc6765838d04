select person_key
from {{ source('ops', 'changed_person') }}
