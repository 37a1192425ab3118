"""The studies that the pages of exercises name as their sources, and where to find them.

One that was not read itself says so. docs/nordic-curl.md tells what each found.
"""

from __future__ import annotations

SECOND_HAND = "known from its quotation by others"

REFERENCES = {
    "Alt 2021": "Sports Medicine - Open, doi:10.1186/s40798-021-00383-x",
    "Alt 2022": "Int J Environ Res Public Health, doi:10.3390/ijerph191811225",
    "Alt 2023": "Journal of Athletic Training, doi:10.4085/1062-6050-0010.22",
    "Augustsson 2022": "Sports, doi:10.3390/sports10020026",
    "Augustsson 2023": "Sports, doi:10.3390/sports11020041 and doi:10.3390/sports11070130",
    "Behan 2022": "Int J Sports Physiology and Performance",
    "Bergmann 2026": SECOND_HAND,
    "BMJ Open SEM 2023": "BMJ Open Sport Exerc Med 2023 9:e001699",
    "Bourne 2015": "American Journal of Sports Medicine, doi:10.1177/0363546515599633",
    "Buchheit 2015": "Int J Sports Physiology and Performance, doi:10.1123/ijspp.2015-0513",
    "Coratella 2025": "doi:10.1055/a-2595-3622",
    "CUHK 2018": "Int J Sports Physiology and Performance 13(5):620",
    "Cuthbert 2020": "Sports Medicine, doi:10.1007/s40279-019-01178-7",
    "de Leva 1996": "Journal of Biomechanics 29:1223",
    "Delahunt 2016": SECOND_HAND,
    "Ditroilo 2013": f"Journal of Electromyography and Kinesiology; {SECOND_HAND}",
    "Drury 2021": "Journal of Athletic Training, doi:10.4085/318-20",
    "Guex 2012": "Journal of Athletic Training 47:390",
    "Impellizzeri 2021": "Journal of Clinical Epidemiology",
    "Lee 2017": "Asia-Pacific J Sports Medicine, Arthroscopy, Rehabilitation and Technology",
    "Marshall 2015": "read; its place was not kept",
    "Mjølsnes 2004": "Scand J Medicine and Science in Sports, doi:10.1046/j.1600-0838.2003.00367.x",
    "Monajati 2017": "Journal of Human Kinetics 60:29, doi:10.1515/hukin-2017-0105",
    "Nishida 2022": "Journal of Sports Science and Medicine, doi:10.52082/jssm.2022.43",
    "Opar 2013": "J Orthopaedic and Sports Physical Therapy",
    "Pareja-Blanco 2016": "a trial of squats: a loss of speed that ends a set",
    "Petersen 2011": "American Journal of Sports Medicine 39:2296",
    "Ripley 2021": "Int J Environ Res Public Health, doi:10.3390/ijerph182111260",
    "Ruan 2021": "Frontiers in Physiology, doi:10.3389/fphys.2021.623126",
    "Sarabon 2019": "Šarabon and others, PLoS One 14:e0223437, doi:10.1371/journal.pone.0223437",
    "Sconce 2015": "Journal of Sport Rehabilitation 24:13, doi:10.1123/JSR.2013-0097",
    "Sconce 2021": "Journal of Sports Sciences, doi:10.1080/02640414.2021.1968127, and Frontiers "
    "in Sports and Active Living, doi:10.3389/fspor.2021.629606",
    "Soga 2021": "Journal of Sports Science and Medicine 20:216, doi:10.52082/jssm.2021.216",
    "Soga 2023": "Int J Sports Physical Therapy 18:917, doi:10.26603/001c.83936",
    "Timmins 2016": "British Journal of Sports Medicine 50:1524",
    "van der Horst 2015": "American Journal of Sports Medicine",
    "van Dyk 2018": "Scand J Medicine and Science in Sports, doi:10.1111/sms.13201",
    "van Dyk 2019": "British Journal of Sports Medicine 53:1362",
    "Vicente-Mampel 2022": "Sports Biomechanics",
}
"""As sources name them -> where to find them."""
