{#
    Rights and row-level security of a mart, in the transaction that makes it: no reader ever meets the table without them.
    A district sees its rows by the column meta.seen_by_district names ('everyone': all rows), else by the first of
    district_code, township_code, person_key, employer_key and place_code that the mart has; without any, none.
#}
{% macro secure_mart(relation, model) -%}
    {{ return(adapter.dispatch('secure_mart', 'zaoxue')(relation, seen_by_district(model))) }}
{%- endmacro %}

{% macro seen_by_district(model) -%}
    {%- set declared = model.config.get('meta', {}).get('seen_by_district') -%}
    {%- if declared -%}
        {{ return(declared) }}
    {%- endif -%}
    {%- for column in ['district_code', 'township_code', 'person_key', 'employer_key', 'place_code'] -%}
        {%- if column in model.columns -%}
            {{ return(column) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return('nobody') }}
{%- endmacro %}

{% macro default__secure_mart(relation, seen_by) -%}
    select ops.secure_mart('{{ relation.identifier }}', '{{ seen_by }}')
{%- endmacro %}

{# A cluster has its own catalogue of rights, outside dbt. #}
{% macro spark__secure_mart(relation, seen_by) -%}
    select 1
{%- endmacro %}
