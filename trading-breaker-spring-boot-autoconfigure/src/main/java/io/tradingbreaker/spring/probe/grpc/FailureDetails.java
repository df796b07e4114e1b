package io.tradingbreaker.spring.probe.grpc;

import io.grpc.Status;
import io.tradingbreaker.spring.probe.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * Puts a refused call into words for people. Of what the server says they hold the start of the first line, and nothing
 * where it repeats a secret.
 */
final class FailureDetails {

    private static final int LONGEST = 100;
    private final Secrets secrets;

    FailureDetails(Secrets secrets) {
        this.secrets = secrets;
    }

    String of(Status status) {
        return status.getCode() + ": "
                + switch (status.getCode()) {
                    case UNAUTHENTICATED -> "token refused, or none sent";
                    case PERMISSION_DENIED -> "not allowed with this token";
                    case UNIMPLEMENTED -> "the server does not offer this service";
                    default -> quoted(status.getDescription());
                };
    }

    private String quoted(@Nullable String text) {
        if (text == null || secrets.areIn(text)) {
            return "no reason that can be shown";
        }
        return text.codePoints()
                .takeWhile(c -> !Character.isISOControl(c))
                .limit(LONGEST)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
