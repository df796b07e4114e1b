package io.tradingbreaker.spring.actuate;

import java.util.List;

/** What the endpoint does not understand, with the HTTP status to say so. */
final class RefusedRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<String> allowed;

    RefusedRequestException(int status, String message, List<String> allowed) {
        super(message, null, false, false);
        this.status = status;
        this.allowed = allowed;
    }

    int status() {
        return status;
    }

    List<String> allowed() {
        return allowed;
    }
}
