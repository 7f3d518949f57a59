# SPDX-License-Identifier: GPL-2.0
# Objects of SRTP and its cryptography; included by Kbuild, paths relative to it.
srtp-objs := src/replay.o src/srtp.o src/srtp_key.o src/srtcp.o src/crypto/aes.o src/crypto/hmac.o src/crypto/gcm.o \
	src/crypto/cpu.o src/crypto/kapi.o

# Only these files may use vector registers: what they offer is called between kernel_fpu_begin() and kernel_fpu_end().
ifneq ($(filter x86 um,$(SRCARCH)),)
srtp-objs += src/crypto/aes_ni.o src/crypto/sha1_ni.o src/crypto/ghash_ni.o
rc-ni-flags := -msse -msse2 -mssse3 -msse4.1 -maes -mpclmul -msha
CFLAGS_src/crypto/aes_ni.o := $(rc-ni-flags)
CFLAGS_src/crypto/sha1_ni.o := $(rc-ni-flags)
CFLAGS_src/crypto/ghash_ni.o := $(rc-ni-flags)
endif
