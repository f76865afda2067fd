#include "matrix.hpp"

#include <numeric>

namespace poolfit::queue {

Matrix operator*(const Matrix& a, const Matrix& b) {
    const std::size_t n = a.size;
    Matrix product(n);
    for (std::size_t i = 0; i < n; ++i) {
        double* out = product[i];
        for (std::size_t k = 0; k < n; ++k) {
            const double factor = a[i][k];
            if (factor == 0.0) continue;
            const double* row = b[k];
            for (std::size_t j = 0; j < n; ++j) out[j] += factor * row[j];
        }
    }
    return product;
}

Matrix& operator+=(Matrix& a, const Matrix& b) {
    for (std::size_t i = 0; i < a.cells.size(); ++i) a.cells[i] += b.cells[i];
    return a;
}

std::vector<double> operator*(const std::vector<double>& row, const Matrix& a) {
    std::vector<double> product(a.size, 0.0);
    for (std::size_t k = 0; k < a.size; ++k) {
        for (std::size_t j = 0; j < a.size; ++j) product[j] += row[k] * a[k][j];
    }
    return product;
}

Matrix inverse(Matrix a) {
    const std::size_t n = a.size;
    for (std::size_t k = 0; k < n; ++k) {  // Gauss-Jordan in place
        double* pivot_row = a[k];
        const double pivot = 1.0 / pivot_row[k];
        pivot_row[k] = 1.0;
        for (std::size_t j = 0; j < n; ++j) pivot_row[j] *= pivot;
        for (std::size_t i = 0; i < n; ++i) {
            if (i == k) continue;
            double* row = a[i];
            const double factor = row[k];
            if (factor == 0.0) continue;
            row[k] = 0.0;
            for (std::size_t j = 0; j < n; ++j) row[j] -= factor * pivot_row[j];
        }
    }
    return a;
}

double sum(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }

std::vector<double> stationary(Matrix q) {
    const std::size_t n = q.size;
    for (std::size_t k = n; k-- > 1;) {
        double leaving = 0.0;
        for (std::size_t j = 0; j < k; ++j) leaving += q[k][j];
        for (std::size_t i = 0; i < k; ++i) {
            const double share = q[i][k] / leaving;
            q[i][k] = share;
            for (std::size_t j = 0; j < k; ++j) q[i][j] += share * q[k][j];
        }
    }
    std::vector<double> x(n, 0.0);
    x[0] = 1.0;
    for (std::size_t k = 1; k < n; ++k) {
        for (std::size_t i = 0; i < k; ++i) x[k] += x[i] * q[i][k];
    }
    const double total = sum(x);
    for (double& value : x) value /= total;
    return x;
}

}  // namespace poolfit::queue
