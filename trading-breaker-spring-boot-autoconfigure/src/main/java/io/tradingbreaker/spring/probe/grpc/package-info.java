/** Looks over gRPC. Messages are read and written here, so that an application needs gRPC itself and no protobuf. */
@NullMarked
package io.tradingbreaker.spring.probe.grpc;

import org.jspecify.annotations.NullMarked;
