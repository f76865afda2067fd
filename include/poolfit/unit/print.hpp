// Quantity to text, always the same: no locale, no exponent, "1,802" and "$2,196.00" with a comma.
#pragma once

#include <cstdint>
#include <string>

#include <poolfit/unit/interval.hpp>
#include <poolfit/unit/quantity.hpp>

namespace poolfit::unit {

std::string print(Connections c);                      ///< "1,802"
std::string print(Bytes b);                            ///< "11 GiB", "4.5 GiB", "629 MiB"
std::string print(MicroUsdPerMonth m);                 ///< "$123.00", "-$4.10": rounded half away from zero to a cent
std::string print(Fraction f);                         ///< "1.7 %", "30 %": one decimal under 10 %, else none
std::string print(Millis t);                           ///< "5 ms", "1.2 s"
std::string print(PerSecond r);                        ///< "120/s"
std::string print(MegabitsPerSecond r);                ///< "695 Mbps"
std::string print(Days d);                             ///< "14 d"
std::string print_probability(double p);               ///< "0.06 %", "12 %": digits that count; "under 0.0000001 %"
std::string print_unit_price(std::int64_t micro_usd);  ///< of an hour, say: "$0.122", "$0.10"; all its digits
std::string print_digits(double v);                    ///< five that count, to compute with: "15.245", "1,802"
std::string print_number(double v);                    ///< shortest text that reads well: "0.92", "864", "1,463"

/// "2–3", or one value where both ends print alike; a shared unit is printed once: "4–5 %".
std::string print(const Interval<Connections>& r);
std::string print(const Interval<Bytes>& r);
std::string print(const Interval<Fraction>& r);
std::string print(const Interval<MegabitsPerSecond>& r);
std::string print(const Interval<Millis>& r);
std::string print(const Interval<PerSecond>& r);

}  // namespace poolfit::unit
