package io.tradingbreaker;

import java.util.List;

/** An operator's action that the breaker's present state does not allow. Nothing was changed. */
public final class BreakerConflictException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> allowed;

    BreakerConflictException(String message, List<String> allowed) {
        super(message);
        this.allowed = List.copyOf(allowed);
    }

    /** The actions that are allowed in that state. */
    public List<String> allowed() {
        return allowed;
    }
}
