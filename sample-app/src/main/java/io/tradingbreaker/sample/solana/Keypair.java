package io.tradingbreaker.sample.solana;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/** An Ed25519 key that lives as long as this process: it is never stored, and nothing is ever sent to its address. Immutable. */
public final class Keypair {

    /** The length of a public key in bytes. */
    public static final int PUBLIC_KEY = 32;

    private static final String ALGORITHM = "Ed25519";

    // What X.509 puts in front of the 32 bytes of every Ed25519 key.
    private static final byte[] X509_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0};

    private final PrivateKey privateKey;
    private final byte[] publicKey;

    private Keypair(KeyPair pair) {
        byte[] encoded = pair.getPublic().getEncoded();
        privateKey = pair.getPrivate();
        publicKey = Arrays.copyOfRange(encoded, X509_PREFIX.length, encoded.length);
    }

    public static Keypair generate() {
        try {
            return new Keypair(KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public key in base 58. */
    public String address() {
        return Base58.encode(publicKey);
    }

    byte[] publicKey() {
        return publicKey.clone();
    }

    /** The same message always gets the same signature. */
    byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean isSignedBy(byte[] publicKey, byte[] message, byte[] signature) {
        byte[] encoded = ByteBuffer.allocate(X509_PREFIX.length + publicKey.length)
                .put(X509_PREFIX)
                .put(publicKey)
                .array();
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded)));
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // The key is no point on the curve, or the signature is no number.
            return false;
        }
    }
}
