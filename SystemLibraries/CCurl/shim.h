// Swift cannot call C functions with variable arguments: these are the typed faces of the ones of libcurl.
#pragma once
#include <curl/curl.h>

static inline CURLcode curl_easy_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode curl_easy_set_number(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode curl_easy_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

// For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION.
typedef size_t (*curl_receive_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode curl_easy_set_receiver(CURL *easy, CURLoption option, curl_receive_callback receiver) {
    return curl_easy_setopt(easy, option, receiver);
}

// For the options of curl_easy_getinfo that give a long; 0 on failure.
static inline long curl_easy_get_number(CURL *easy, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

// The result of the transfer in a CURLMSG_DONE message (a union in C).
static inline CURLcode curl_message_result(const CURLMsg *message) {
    return message->data.result;
}
