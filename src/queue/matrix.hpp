// Small dense square matrices, and the linear algebra of generators: every matrix that is inverted here is an
// M-matrix (positive diagonal, the rest negative or zero), so elimination needs no pivots and loses no digits.
#pragma once

#include <cstddef>
#include <vector>

namespace poolfit::queue {

struct Matrix {
    std::size_t size = 0;
    std::vector<double> cells;  ///< row after row

    Matrix() = default;
    explicit Matrix(std::size_t n) : size(n), cells(n * n, 0.0) {}
    double* operator[](std::size_t row) { return cells.data() + row * size; }
    const double* operator[](std::size_t row) const { return cells.data() + row * size; }
};

Matrix operator*(const Matrix& a, const Matrix& b);
Matrix& operator+=(Matrix& a, const Matrix& b);
std::vector<double> operator*(const std::vector<double>& row, const Matrix& a);

Matrix inverse(Matrix a);
double sum(const std::vector<double>& v);

/// The row vector x with x Q = 0 and sum 1; Q is a generator of which only the entries off the diagonal are read.
/// Source: Grassmann, Taksar and Heyman 1985: no subtraction, relative accuracy in every entry.
std::vector<double> stationary(Matrix q);

}  // namespace poolfit::queue
