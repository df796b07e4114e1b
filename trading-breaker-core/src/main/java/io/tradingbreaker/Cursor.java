package io.tradingbreaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A counter alone on its cache lines, so that those who count do not slow down those who read its neighbours. */
@SuppressWarnings("unused") // the padding
final class Cursor extends CursorValue {

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(CursorValue.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    long a0, a1, a2, a3, a4, a5, a6, a7;

    /** Returns the count and adds one; negative once it is frozen. */
    long next() {
        return (long) VALUE.getAndAdd(this, 1L);
    }

    /** The count; negative once it is frozen. */
    long get() {
        return value;
    }

    void set(long count) {
        value = count;
    }

    /** Ends the counting at that count; false if it is another by now. */
    boolean freeze(long at) {
        return VALUE.compareAndSet(this, at, at | Long.MIN_VALUE);
    }
}

class CursorPadding {
    long b0, b1, b2, b3, b4, b5, b6, b7;
}

class CursorValue extends CursorPadding {
    volatile long value;
}
