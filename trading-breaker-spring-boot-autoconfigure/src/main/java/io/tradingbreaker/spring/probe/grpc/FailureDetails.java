package io.tradingbreaker.spring.probe.grpc;

import io.grpc.Status;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Puts a failed call into words for people. Of what the server says they hold the start of the first line, and nothing
 * where it repeats a secret.
 */
final class FailureDetails {

    private static final int LONGEST = 100;

    private final Set<String> secrets;

    FailureDetails(Set<String> secrets) {
        this.secrets = secrets;
    }

    /** @param isSent whether there was a connection, over which the request was sent */
    String of(Status status, boolean isSent, Duration timeout) {
        return status.getCode() + ": "
                + switch (status.getCode()) {
                    case DEADLINE_EXCEEDED ->
                        (isSent ? "no answer within " : "no connection within ") + timeout.toMillis() + " ms";
                    case UNAUTHENTICATED -> "token refused, or none sent";
                    case PERMISSION_DENIED -> "not allowed with this token";
                    case UNIMPLEMENTED -> "the server does not offer this service";
                    default -> reason(status);
                };
    }

    static boolean isUnknownHost(Status status) {
        return cause(status, UnknownHostException.class) != null;
    }

    private String reason(Status status) {
        SSLException unsafe = cause(status, SSLException.class);
        if (unsafe != null) {
            Throwable root = unsafe;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return "TLS failed: " + quoted(root.getMessage());
        }
        if (isUnknownHost(status)) {
            return "unknown host";
        }
        ConnectException unconnected = cause(status, ConnectException.class);
        return unconnected == null ? quoted(status.getDescription()) : "cannot connect";
    }

    private static <T extends Throwable> @Nullable T cause(Status status, Class<T> type) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private String quoted(@Nullable String text) {
        if (text == null || secrets.stream().anyMatch(text::contains)) {
            return "no reason that can be shown";
        }
        return text.codePoints()
                .takeWhile(c -> !Character.isISOControl(c))
                .limit(LONGEST)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
