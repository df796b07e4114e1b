package io.tradingbreaker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process away from a file, by the lock of another file beside it, which holds the number of the process.
 * That file stays: to delete it would let two lock what seems to be the same. To be used by one thread at a time.
 */
final class StoreLock {

    private final Path path;
    private final FileAttribute<?>[] attributes;
    private @Nullable FileChannel channel;
    private boolean isClosed;

    StoreLock(Path path, FileAttribute<?>[] attributes) {
        this.path = path;
        this.attributes = attributes;
    }

    /**
     * Locks it, or leaves that to {@link #lock} if there cannot be such a file at present.
     *
     * @throws SwitchStoreException if it is taken
     */
    void tryLock() {
        try {
            lock();
        } catch (IOException notNow) {
            // A read or a write that needs it says so.
        }
    }

    /**
     * Locks it, if that has not been done.
     *
     * @throws SwitchStoreException if it is taken
     */
    void lock() throws IOException {
        if (isClosed) {
            throw new IOException("the store is closed");
        }
        if (channel != null) {
            return;
        }
        Set<OpenOption> options = Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        FileChannel opened = FileChannel.open(path, options, attributes);
        boolean isLocked = false;
        try {
            if (opened.tryLock() == null) {
                throw taken("process " + holder(opened));
            }
            isLocked = true;
            channel = opened;
        } catch (OverlappingFileLockException e) {
            throw taken("this process");
        } finally {
            if (!isLocked) {
                opened.close();
            }
        }
        // Only for people: the lock holds without it, as on a disk that is full.
        write(opened);
    }

    private SwitchStoreException taken(String by) {
        return new SwitchStoreException("the store of halts is in use by " + by + " (" + path
                + "): each process needs a file of its own, or a database that they share");
    }

    private static String holder(FileChannel opened) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(20);
        opened.read(bytes, 0);
        String number =
                StandardCharsets.US_ASCII.decode(bytes.flip()).toString().strip();
        return number.matches("[0-9]+") ? number : "unknown";
    }

    private static void write(FileChannel opened) {
        try {
            opened.truncate(0);
            opened.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
        } catch (IOException e) {
            // See above.
        }
    }

    void close() {
        isClosed = true;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The lock ends with the process at the latest.
            }
            channel = null;
        }
    }
}
