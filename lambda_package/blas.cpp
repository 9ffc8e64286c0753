// What NumPy's core links of BLAS, in plain loops, for a package in which nobody multiplies large
// matrices: OpenBLAS, which does that fast, would be a quarter of it.
//
// The names are those of NumPy's wheels, whose integers have 64 bits; the meanings are the standard's
// (https://www.netlib.org/blas/#_cblas). A sum adds up in the order of its terms, and nothing is
// fused or reordered by the compiler: both processors get the same bits.

using Integer = long;
using Complex = float _Complex;
using DoubleComplex = double _Complex;

enum Order { RowMajor = 101, ColumnMajor = 102 };
enum Operation { AsItIs = 111, Transposed = 112, Conjugated = 113 };  // and transposed
enum Triangle { Upper = 121, Lower = 122 };

static float conjugate(float x) { return x; }
static double conjugate(double x) { return x; }
static Complex conjugate(Complex x) { return ~x; }
static DoubleComplex conjugate(DoubleComplex x) { return ~x; }

// A matrix is a place and two strides: order and operation only say how to read it.
template <typename T>
struct Matrix {
  T *place;
  Integer down, right;
  bool conjugated = false;

  static Matrix stored(T *place, Integer leading, int order, int operation = AsItIs) {
    bool down = (order == RowMajor) == (operation == AsItIs);
    return {place, down ? leading : 1, down ? 1 : leading, operation == Conjugated};
  }

  // A column. A negative stride begins at the last element.
  static Matrix vector(T *place, Integer length, Integer stride) {
    return {stride < 0 ? place - (length - 1) * stride : place, stride, 0};
  }

  Matrix transposed() const { return {place, right, down, conjugated}; }
  T &at(Integer row, Integer column) const { return place[row * down + column * right]; }
  T read(Integer row, Integer column) const {
    return conjugated ? conjugate(at(row, column)) : at(row, column);
  }
};

template <typename T>
static T add_products(Integer depth, Matrix<T> a, Integer row, Matrix<T> b, Integer column) {
  T sum = 0;
  for (Integer k = 0; k < depth; k++) sum += a.read(row, k) * b.read(k, column);
  return sum;
}

// Zero overwrites, whatever was there: also what is not a number.
template <typename T>
static void put(T alpha, T product, T beta, T &there) {
  there = beta == T(0) ? alpha * product : alpha * product + beta * there;
}

template <typename T>
static void multiply(Integer rows, Integer columns, Integer depth, T alpha, Matrix<T> a,
                     Matrix<T> b, T beta, Matrix<T> c) {
  for (Integer row = 0; row < rows; row++)
    for (Integer column = 0; column < columns; column++)
      put(alpha, add_products(depth, a, row, b, column), beta, c.at(row, column));
}

template <typename T>
static void multiply_by_itself(int triangle, Integer side, Integer depth, T alpha, Matrix<T> a,
                               T beta, Matrix<T> c) {
  for (Integer row = 0; row < side; row++)
    for (Integer column = triangle == Upper ? row : 0;
         column < (triangle == Upper ? side : row + 1); column++)
      put(alpha, add_products(depth, a, row, a.transposed(), column), beta, c.at(row, column));
}

template <typename T>
static T dot(Integer length, T *x, Integer right, T *y, Integer down, bool conjugated = false) {
  auto row = Matrix<T>::vector(x, length, right).transposed();
  row.conjugated = conjugated;
  return add_products(length, row, 0, Matrix<T>::vector(y, length, down), 0);
}

// A real factor comes as a number, a complex one by its address.
template <typename T> static T value(T factor) { return factor; }
template <typename T> static T value(const void *factor) { return *static_cast<const T *>(factor); }

#define EXPORT extern "C" __attribute__((visibility("default")))

#define FUNCTIONS(letter, T, Factor)                                                              \
  EXPORT void scipy_cblas_##letter##axpy64_(Integer length, Factor alpha, T *x, Integer across,   \
                                            T *y, Integer down) {                                 \
    auto from = Matrix<T>::vector(x, length, across), to = Matrix<T>::vector(y, length, down);    \
    for (Integer i = 0; i < length; i++) to.at(i, 0) += value<T>(alpha) * from.at(i, 0);          \
  }                                                                                               \
  EXPORT void scipy_cblas_##letter##gemv64_(                                                      \
      int order, int operation, Integer rows, Integer columns, Factor alpha, T *a,                \
      Integer leading, T *x, Integer across, Factor beta, T *y, Integer down) {                   \
    Integer length = operation == AsItIs ? rows : columns, depth = rows + columns - length;       \
    multiply<T>(length, 1, depth, value<T>(alpha),                                                \
                Matrix<T>::stored(a, leading, order, operation),                                  \
                Matrix<T>::vector(x, depth, across), value<T>(beta),                              \
                Matrix<T>::vector(y, length, down));                                              \
  }                                                                                               \
  EXPORT void scipy_cblas_##letter##gemm64_(                                                      \
      int order, int first, int second, Integer rows, Integer columns, Integer depth,             \
      Factor alpha, T *a, Integer leading_a, T *b, Integer leading_b, Factor beta, T *c,          \
      Integer leading_c) {                                                                        \
    multiply<T>(rows, columns, depth, value<T>(alpha),                                            \
                Matrix<T>::stored(a, leading_a, order, first),                                    \
                Matrix<T>::stored(b, leading_b, order, second), value<T>(beta),                   \
                Matrix<T>::stored(c, leading_c, order));                                          \
  }                                                                                               \
  EXPORT void scipy_cblas_##letter##syrk64_(int order, int triangle, int operation, Integer side, \
                                            Integer depth, Factor alpha, T *a, Integer leading_a, \
                                            Factor beta, T *c, Integer leading_c) {               \
    multiply_by_itself<T>(triangle, side, depth, value<T>(alpha),                                 \
                          Matrix<T>::stored(a, leading_a, order, operation), value<T>(beta),      \
                          Matrix<T>::stored(c, leading_c, order));                                \
  }

FUNCTIONS(s, float, float)
FUNCTIONS(d, double, double)
FUNCTIONS(c, Complex, const void *)
FUNCTIONS(z, DoubleComplex, const void *)

#define REAL_DOT(letter, T)                                                                       \
  EXPORT T scipy_cblas_##letter##dot64_(Integer length, T *x, Integer right, T *y, Integer down) { \
    return dot(length, x, right, y, down);                                                        \
  }
REAL_DOT(s, float)
REAL_DOT(d, double)

#define COMPLEX_DOT(name, T, conjugated)                                                          \
  EXPORT void scipy_cblas_##name##_sub64_(Integer length, T *x, Integer right, T *y,              \
                                          Integer down, T *product) {                             \
    *product = dot(length, x, right, y, down, conjugated);                                        \
  }
COMPLEX_DOT(cdotu, Complex, false)
COMPLEX_DOT(cdotc, Complex, true)
COMPLEX_DOT(zdotu, DoubleComplex, false)
COMPLEX_DOT(zdotc, DoubleComplex, true)
