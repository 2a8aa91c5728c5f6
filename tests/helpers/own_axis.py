"""An axis of a user's own, in two languages."""

from __future__ import annotations

OWN_AXIS = """
[[axis]]
id = "talks-fighting"
high = "talks"
low = "fighting"
[axis.en]
high = ["Both sides sat down to talk.", "Diplomats met to negotiate.", "A dialogue was opened.",
  "They signed an agreement."]
low = ["Troops attacked the town.", "Shelling went on all night.",
  "Soldiers stormed the trenches.", "Rockets hit the city."]
[axis.ru]
high = ["Стороны сели за стол переговоров.", "Дипломаты встретились на переговорах.",
  "Начался диалог.", "Они подписали соглашение."]
low = ["Войска атаковали город.", "Обстрел шёл всю ночь.", "Солдаты штурмовали окопы.", "Ракеты попали в город."]
"""
