// The one place where Beast's and Asio's TLS code is compiled (BOOST_BEAST_SEPARATE_COMPILATION,
// BOOST_ASIO_SEPARATE_COMPILATION; the rest of Asio is compiled in base).
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
