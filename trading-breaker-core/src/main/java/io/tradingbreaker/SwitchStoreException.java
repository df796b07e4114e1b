package io.tradingbreaker;

/** A store of halts that cannot be read or written; the message tells operators what was found and what to do. */
public final class SwitchStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SwitchStoreException(String message) {
        super(message);
    }

    public SwitchStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
