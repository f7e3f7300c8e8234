// The addon's calls that hash under keys of a site; `detect/native/binding.ts` documents them.
#pragma once
#include "values.h"

namespace tourniquet {

napi_value hmacState(napi_env env, napi_callback_info info);
napi_value tokens(napi_env env, napi_callback_info info);
napi_value sketch(napi_env env, napi_callback_info info);

}  // namespace tourniquet
