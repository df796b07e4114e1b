/** Guards of gRPC clients' calls and streams. */
@NullMarked
package io.tradingbreaker.spring.grpc;

import org.jspecify.annotations.NullMarked;
