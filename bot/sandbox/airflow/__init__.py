"""The sandbox's Airflow: the real one, with one DAG that moves the shop's day into the warehouse."""
