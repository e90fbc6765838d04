{# The day whose night is judged, as text: the variable as_of, or today in Asia/Shanghai. #}
{% macro as_of_text() -%}
    {{ var('as_of', none) or modules.datetime.datetime.now(modules.pytz.timezone('Asia/Shanghai')).strftime('%Y-%m-%d') }}
{%- endmacro %}

{# The same day as a date of the database. #}
{% macro as_of() -%}
    cast('{{ as_of_text() | trim }}' as date)
{%- endmacro %}

{# Instants are judged at the end of that day: midnight after it in Asia/Shanghai. #}
{% macro as_of_instant() -%}
    {{ midnight_after(as_of_text() | trim) }}
{%- endmacro %}
