package io.tradingbreaker.sample.replay;

import java.util.List;

/** A scenario cannot be played as asked; nothing has changed. */
public final class InvalidScenarioException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> allowed;

    InvalidScenarioException(String message, List<String> allowed) {
        super(message);
        this.allowed = allowed;
    }

    /** What may be asked instead. */
    public List<String> allowed() {
        return allowed;
    }
}
