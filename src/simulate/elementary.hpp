// Elementary functions of our own: the C library's differ in the last bit from version to version, and with them
// every figure of a run. Additions, multiplications, divisions and square roots do not differ.
#pragma once

namespace poolfit::simulate {

/// ln x, x > 0 and normal; relative error 4e-13.
double natural_log(double x);
/// e^x; 0 below −708, infinite above 709; relative error 1e-15.
double exponential_of(double x);
/// The standard normal value with this probability below it. Wichura's AS 241 (1988): relative error 1e-12 here.
double normal_score(double probability);
/// The upper tail of the gamma law with unit scale, P(X > x); its lower tail with `lower`. Series below shape + 1,
/// Lentz's continued fraction above it (Numerical Recipes 6.2): relative error about 1e-12.
double gamma_tail(double shape, double x, bool lower);
/// Its density.
double gamma_density(double shape, double x);
/// Student's t, from 2 degrees of freedom on (infinite below): the value with this probability below it. Hill's
/// expansion (CACM 396, 1970); 3 digits from 4 on.
double student_score(double probability, int degrees);

}  // namespace poolfit::simulate
